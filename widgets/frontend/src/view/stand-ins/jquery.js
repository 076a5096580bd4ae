// The little of jQuery that ipywidgets' views use: `$(element)[0]`, and `empty`, which anywidget calls.

function $(element) {
  if (!(this instanceof $)) return new $(element);
  if (element) this[0] = element;
  this.length = element ? 1 : 0;
}

$.prototype.empty = function empty() {
  this[0]?.replaceChildren();
  return this;
};

module.exports = $;
