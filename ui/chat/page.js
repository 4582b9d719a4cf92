// A marker in an answer opens its receipt in the panel and brings it into view, without leaving the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href*="#ans_"]');
  if (!link) return;
  const receipt = document.getElementById(link.getAttribute("href").split("#")[1]);
  if (!receipt) return;
  event.preventDefault();
  event.stopPropagation();
  for (let box = receipt; box; box = box.parentElement.closest("details")) box.open = true;
  document.querySelectorAll(".mp-target").forEach((other) => other.classList.remove("mp-target"));
  receipt.classList.add("mp-target");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  receipt.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest" });
  receipt.querySelector("summary").focus({ preventScroll: true });
}, true);
