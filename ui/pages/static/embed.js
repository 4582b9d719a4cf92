// Puts the chat on another page: a frame where the script tag stands. The server names the pages that may do so.
(() => {
  const tag = document.currentScript;
  const { theme, height = '640px', title = 'Market Pulse: ask about crypto market crashes' } = tag.dataset;
  const address = new URL('/', tag.src);
  address.searchParams.set('embed', '1');
  if (theme === 'light' || theme === 'dark') address.searchParams.set('__theme', theme);
  const frame = document.createElement('iframe');
  frame.src = address;
  frame.title = title;
  frame.loading = 'lazy';
  frame.allow = 'clipboard-write';
  frame.style.cssText = `width: 100%; height: ${/^\d+(px|vh|rem|em|%)$/.test(height) ? height : '640px'}; border: 0;`;
  tag.after(frame);
})();
