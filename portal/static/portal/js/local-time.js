// <time data-shown="…">: the reader's own clock and time zone in place of the server's words;
// the zone that they chose in their profile, or else the browser's.
//   relative  "in 2 days", "5 minutes ago"      moment  "22 Nov 2026, 11:04"      clock  "11:04:07"
const DAY = 86_400;
// A unit, its length in seconds, and from how many seconds it says enough.
const UNITS = [
  ["year", 365 * DAY, 365 * DAY],
  ["month", 30 * DAY, 60 * DAY],
  ["day", DAY, 2 * DAY],
  ["hour", 3_600, 3_600],
  ["minute", 60, 60],
];
const language = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(language);
const moment = inZone({ dateStyle: "medium", timeStyle: "short" });
const clock = inZone({ timeStyle: "medium", hourCycle: "h23" });
const whole = inZone({ dateStyle: "full", timeStyle: "long" });

function inZone(style) {
  const { timeZone } = document.documentElement.dataset;
  try {
    return new Intl.DateTimeFormat(language, { ...style, timeZone });
  } catch {
    return new Intl.DateTimeFormat(language, style); // a zone that this browser does not know
  }
}

function fromNow(date) {
  const seconds = (date - Date.now()) / 1000;
  const unit = UNITS.find(([, , from]) => Math.abs(seconds) >= from);
  if (!unit) return seconds > 0 ? "in less than a minute" : "just now";
  return relative.format(Math.trunc(seconds / unit[1]), unit[0]);
}

const SHOWN = {
  relative: fromNow,
  moment: (date) => moment.format(date),
  clock: (date) => clock.format(date),
};

function show(root) {
  for (const element of root.querySelectorAll("time[data-shown]")) {
    const date = new Date(element.dateTime);
    element.textContent = SHOWN[element.dataset.shown](date);
    element.title = whole.format(date);
  }
}

show(document);
setInterval(() => show(document), 30_000);
document.addEventListener("htmx:load", (event) => show(event.target));
