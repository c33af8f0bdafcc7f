// Before the first paint: the theme that the visitor chose, so that the page does not flash.
try {
  const theme = localStorage.getItem("aisle.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // No storage: the system's theme it is.
}
