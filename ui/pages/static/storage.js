// In a frame a browser may forbid a page to keep anything; then what is kept lasts as long as the page.
try {
  window.localStorage.length;
} catch {
  const kept = new Map();
  const storage = {
    getItem: (name) => kept.get(String(name)) ?? null,
    setItem: (name, value) => { kept.set(String(name), String(value)); },
    removeItem: (name) => { kept.delete(String(name)); },
    clear: () => kept.clear(),
    key: (number) => [...kept.keys()][number] ?? null,
    get length() { return kept.size; },
  };
  Object.defineProperty(window, 'localStorage', { value: storage, configurable: true });
}
