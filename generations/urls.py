from django.urls import URLPattern, URLResolver, include, path, register_converter

from generations.appeals import views as appeals
from generations.appeals.refused_page import refused_prompt
from generations.callbacks.views import callback
from generations.checks import views as checks
from generations.cohorts import views as cohorts
from generations.dashboard import lists as dashboard_lists
from generations.dashboard import reviews as dashboard_reviews
from generations.dashboard.stuck import stuck_reviews
from generations.dashboard.views import dashboard
from generations.gallery import views as gallery
from generations.grounds import views as grounds
from generations.leaving import views as leaving
from generations.library import views as library
from generations.library import work
from generations.media import views as media
from generations.media.converters import RenditionKindConverter
from generations.notes import views as notes
from generations.outcomes import views as outcomes
from generations.pauses import views as pauses
from generations.portfolios import views as portfolios
from generations.promise import views as promise
from generations.prompts import views as prompts
from generations.reports import views as reports
from generations.retention import views as retention
from generations.reviews import files as review_files
from generations.reviews import item, next_one, reported
from generations.reviews import lists as review_lists
from generations.reviews import views as reviews
from generations.reviews.refused_prompts import review_prompt
from generations.sharing import public
from generations.sharing import views as sharing
from generations.sharing.choosing import how_it_is_shared
from generations.sharing.front import front
from generations.sharing.oembed import oembed
from generations.taking import views as taking
from generations.transparency import views as transparency
from generations.veil.views import how_i_review
from generations.verifying import views as verifying
from generations.webhooks import views as webhooks

register_converter(RenditionKindConverter, "rendition_kind")

pages: list[URLPattern] = [
    path("active/", library.active, name="active"),
    path("create/", prompts.create, name="create"),
    path("create/quote/", prompts.show_quote, name="quote"),
    path("create/options/", prompts.model_options, name="model_options"),
    path("works/", library.library, name="library"),
    path("works/<uuid:generation_id>/", work.work, name="work"),
    path("works/<uuid:generation_id>/<rendition_kind:kind>/", media.file, name="file"),
    path("works/<uuid:generation_id>/download/", media.download, name="download"),
    path("works/<uuid:generation_id>/progress/", work.progress, name="progress"),
    path("works/<uuid:generation_id>/cancel/", prompts.cancel_generation, name="cancel"),
    path("works/<uuid:generation_id>/stop/", prompts.stop_generation, name="stop"),
    path("works/<uuid:generation_id>/remove/", prompts.remove_generation, name="remove"),
    path("works/<uuid:generation_id>/keep/", retention.keep, name="keep"),
    path("works/<uuid:generation_id>/let-go/", retention.let_go, name="let_go"),
    path("works/<uuid:generation_id>/submit/", work.submit, name="submit"),
    path(
        "submissions/<uuid:submission_id>/withdraw/",
        sharing.withdraw_submission,
        name="withdraw_submission",
    ),
    path("submissions/<uuid:submission_id>/amend/", sharing.amend, name="amend"),
    path("submissions/set/", sharing.submit_set, name="submit_set"),
    path(
        "submissions/<uuid:submission_id>/appeal/",
        appeals.appeal_submission,
        name="appeal_submission",
    ),
    path("appeals/<uuid:appeal_id>/", appeals.appeal, name="appeal"),
    path("appeals/<uuid:appeal_id>/write/", appeals.write, name="appeal_write"),
    path("appeals/<uuid:appeal_id>/withdraw/", appeals.withdraw, name="appeal_withdraw"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:endpoint_id>/", webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:endpoint_id>/sent/", webhooks.deliveries, name="webhook_deliveries"),
    path("webhooks/<uuid:endpoint_id>/rotate/", webhooks.rotate, name="webhook_rotate"),
    path("webhooks/<uuid:endpoint_id>/test/", webhooks.test, name="webhook_test"),
    path("webhooks/<uuid:endpoint_id>/switch-on/", webhooks.switch_on, name="webhook_switch_on"),
    path("webhooks/<uuid:endpoint_id>/keep/", webhooks.keep, name="webhook_keep"),
    path("webhooks/<uuid:endpoint_id>/remove/", webhooks.remove, name="webhook_remove"),
    path("webhooks/sent/<uuid:delivery_id>/again/", webhooks.send_again, name="webhook_send_again"),
    path("s/<slug:slug>/", public.show_share, name="share"),
    path("s/<slug:slug>/unlock/", public.unlock, name="unlock"),
    path("s/<slug:slug>/embed/", public.embed, name="share_embed"),
    path("s/<slug:slug>/download/", public.download, name="share_download"),
    path("s/<slug:slug>/sharing/", how_it_is_shared, name="how_it_is_shared"),
    path("s/<slug:slug>/withdraw/", sharing.withdraw, name="withdraw"),
    path("s/<slug:slug>/report/", reports.report, name="report"),
    path("s/<slug:slug>/take-down/", sharing.take_down, name="take_down"),
    path("s/<slug:slug>/<rendition_kind:kind>/", public.share_file, name="share_file"),
    path("oembed/", oembed, name="oembed"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("portfolio/", portfolios.my_portfolio, name="my_portfolio"),
    path("artists/<slug:address>/", portfolios.show_portfolio, name="artist_portfolio"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/root.pem", verifying.root_certificate, name="root_certificate"),
    path("take/", taking.take, name="take"),
    path("take/progress/", taking.progress, name="take_progress"),
    path("take/<uuid:archive_id>/", taking.download, name="take_download"),
    path("leave/", leaving.leave, name="leave"),
    path("leave/come-back/", leaving.come_back, name="come_back"),
    path("left/", leaving.left, name="left"),
    path("artists/<int:artist_id>/membership/", leaving.membership, name="membership"),
    path(
        "artists/<int:artist_id>/membership/restore/",
        leaving.withdraw_ending,
        name="withdraw_ending",
    ),
    path("dashboard/", dashboard, name="dashboard"),
    path("dashboard/generations/", dashboard_lists.generations, name="dashboard_generations"),
    path("dashboard/submissions/", dashboard_lists.submissions, name="dashboard_submissions"),
    path("dashboard/artists/", dashboard_lists.artists, name="dashboard_artists"),
    path("dashboard/tokens/", dashboard_lists.tokens, name="dashboard_tokens"),
    path("dashboard/reviews/", dashboard_reviews.reviews, name="dashboard_reviews"),
    path("dashboard/stuck/", stuck_reviews, name="dashboard_stuck"),
    path("dashboard/reviews/csv/", dashboard_reviews.reviews_csv, name="dashboard_reviews_csv"),
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/<uuid:attempt_id>/", outcomes.outcome, name="outcome"),
    path("outcomes/<uuid:attempt_id>/ran/", outcomes.ran, name="outcome_ran"),
    path("outcomes/<uuid:attempt_id>/lost/", outcomes.lost, name="outcome_lost"),
    path("outcomes/<uuid:attempt_id>/never-ran/", outcomes.never_ran, name="outcome_never_ran"),
    path("files/", media.files, name="files"),
    path("pauses/", pauses.show_pauses, name="pauses"),
    path("pauses/new/<slug:scope>/", pauses.pause, name="pause"),
    path("pauses/<int:pause_id>/lift/", pauses.lift, name="lift"),
    path("admissions/cohorts/", cohorts.cohorts, name="cohorts"),
    path("admissions/cohorts/new/", cohorts.cohort, name="new_cohort"),
    path("admissions/cohorts/<int:cohort_id>/", cohorts.cohort, name="cohort"),
    path("grounds/", grounds.grounds, name="grounds"),
    path("grounds/<slug:code>/<int:version>/", grounds.show_version, name="ground"),
    path("grounds/manage/", grounds.manage, name="manage_grounds"),
    path("grounds/manage/new/", grounds.edit, name="new_ground"),
    path("grounds/manage/<int:ground_id>/edit/", grounds.edit, name="edit_ground"),
    path("grounds/manage/<int:ground_id>/retire/", grounds.retire, name="retire_ground"),
    path("grounds/manage/<int:ground_id>/up/", grounds.move_up, name="move_ground"),
    path("grounds/replies/new/", grounds.reply, name="new_reply"),
    path("grounds/replies/<int:reply_id>/edit/", grounds.reply, name="edit_reply"),
    path("grounds/replies/<int:reply_id>/remove/", grounds.remove_reply, name="remove_reply"),
    path("promise/", transparency.promise, name="promise"),
    path("promise/set/", promise.setting, name="set_promise"),
    path("checks/", checks.checks, name="checks"),
    path("checks/rules/new/", checks.rule, name="new_check_rule"),
    path("checks/rules/<int:number>/", checks.rule, name="check_rule"),
    path("checks/rules/<int:number>/retire/", checks.retire, name="retire_check_rule"),
    path("checks/thresholds/", checks.set_thresholds, name="thresholds"),
    path("checks/thresholds/<int:cohort_id>/", checks.set_thresholds, name="cohort_thresholds"),
    path("refused/", checks.refused_prompts, name="refused_prompts"),
    path("refused/<uuid:refused_id>/", refused_prompt, name="refused_prompt"),
    path("reviews/appealed/", appeals.overturned, name="overturned"),
    path("reviews/<uuid:review_id>/write/", appeals.write_to_artist, name="appeal_write_to_artist"),
    path("reviews/", review_lists.queue, name="queue"),
    path("reviews/next/", next_one.take_next, name="next_review"),
    path("reviews/views/", review_lists.save_view, name="save_view"),
    path("reviews/views/<int:view_id>/", review_lists.rename_view, name="rename_view"),
    path("reviews/views/<int:view_id>/remove/", review_lists.remove_view, name="remove_view"),
    path("reviews/how/", how_i_review, name="how_i_review"),
    path("reviews/<uuid:review_id>/", item.show_review, name="review"),
    path("reviews/<uuid:review_id>/claim/", reviews.claim, name="claim"),
    path("reviews/<uuid:review_id>/ahead/", next_one.ahead, name="review_ahead"),
    path("reviews/<uuid:review_id>/renew/", next_one.renew, name="renew"),
    path("reviews/<uuid:review_id>/release/", reviews.release, name="release"),
    path("reviews/<uuid:review_id>/decide/", reviews.decide, name="decide"),
    path("reviews/<uuid:review_id>/undo/", reviews.undo, name="undo"),
    path("reviews/<uuid:review_id>/reported/", reported.reported, name="reported"),
    path("reviews/<uuid:review_id>/prompt/", review_prompt, name="review_prompt"),
    path(
        "reviews/<uuid:review_id>/first-image/",
        review_files.review_first_image,
        name="review_first_image",
    ),
    path("reviews/<uuid:review_id>/notes/", notes.pin, name="pin_note"),
    path("reviews/<uuid:review_id>/notes/<uuid:note_id>/", notes.change, name="change_note"),
    path(
        "reviews/<uuid:review_id>/notes/<uuid:note_id>/remove/",
        notes.remove,
        name="remove_note",
    ),
    path(
        "reviews/<uuid:review_id>/<rendition_kind:kind>/",
        review_files.review_file,
        name="review_file",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front, name="front"),
    path("status/", pauses.status, name="status"),
    path("sitemap.xml", gallery.sitemap, name="sitemap"),
    path("robots.txt", gallery.robots, name="robots"),
    path("home/", library.home, name="home"),
    path("hooks/<str:provider>/<uuid:attempt_id>/<str:secret>", callback, name="callback"),
    path("", include((pages, "generations"))),
]
