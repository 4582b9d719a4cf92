// Shows the cases that fit the filters; everything is in the page already.
const value = (id) => document.getElementById(id)?.value ?? "";
const cases = [...document.querySelectorAll(".case")];
function filter() {
  const words = value("text").toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const one of cases) {
    const fits =
      (!value("passed") || one.dataset.passed === value("passed")) &&
      (!value("kind") || one.dataset.kind === value("kind")) &&
      (!value("reason") || one.dataset.reasons.split(" ").includes(value("reason"))) &&
      (!value("change") || one.dataset.change === value("change")) &&
      words.every((word) => one.dataset.text.includes(word));
    one.hidden = !fits;
    shown += fits;
  }
  document.getElementById("count").textContent = `${shown} of ${cases.length} cases`;
}
document.querySelector(".filters").addEventListener("input", filter);
filter();
// Each chart was drawn before the ones after it took their share of the width.
for (const chart of document.querySelectorAll(".plotly-graph-div")) Plotly.Plots.resize(chart);
