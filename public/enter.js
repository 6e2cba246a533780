// The front door: sends the reader to the language chosen before, or to the first one that the browser asks for.
(() => {
  const { zh, en } = document.currentScript.dataset;
  let chosen = null;
  try {
    chosen = localStorage.getItem("lang");
  } catch {
    // storage is denied: the browser's languages decide
  }
  const wanted = chosen === null ? navigator.languages : [chosen];
  const first = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "zh" || tag === "en");
  location.replace((first === "zh" ? zh : en) + location.hash);
})();
