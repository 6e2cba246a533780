// Before the first paint: the reader's theme and text face, from this device. Without storage the system's stand.
(() => {
  const root = document.documentElement;
  for (const name of ["theme", "face"]) {
    try {
      const value = localStorage.getItem(name);
      if (value) root.dataset[name] = value;
    } catch {
      // storage is denied: nothing was kept
    }
  }
})();
