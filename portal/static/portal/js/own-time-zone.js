// A choice of time zone that is still open begins with the browser's own.
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();

for (const select of document.querySelectorAll("select[name=time_zone]")) {
  if (!select.value && [...select.options].some((option) => option.value === timeZone)) {
    select.value = timeZone;
  }
}
