"""The script that gives a page's document as it is shown, run in a world of its own: the page's scripts do not see it.

An open shadow root stands in its host's place, with what is assigned to its slots in them; what of the host is assigned
to none is not shown, and kept in a `template`. Each node is copied once at most, into a document without scripts, so
that the copy is no larger than the page. Closed roots are closed to us, too.
"""

from typing import Final

from services.render.core import MAX_HTML

MARKUP: Final = """\
(() => {
  const got = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).get;
  const given = (getter, of) => Reflect.apply(getter, of, []);
  const outer = got(Element, 'outerHTML'), shadow = got(Element, 'shadowRoot'), local = got(Element, 'localName');
  const first = got(Node, 'firstChild'), next = got(Node, 'nextSibling'), slotted = got(Element, 'assignedSlot');
  const slottedText = got(Text, 'assignedSlot'), content = got(HTMLTemplateElement, 'content');
  const root = given(got(Document, 'documentElement'), document);
  const fit = html => html.length > LIMIT ? html.length : '<!DOCTYPE html>' + html;
  const plain = root ? given(outer, root) : '';
  if (plain.length > LIMIT) return plain.length;

  const all = root ? Document.prototype.getElementsByTagName.call(document, '*') : [];
  let shadows = false;
  for (let n = 0, of; !shadows && (of = HTMLCollection.prototype.item.call(all, n)); n++) shadows = !!given(shadow, of);
  if (!shadows) return fit(plain);

  const maker = given(got(Document, 'implementation'), document);
  const inert = DOMImplementation.prototype.createHTMLDocument.call(maker, '');
  const copy = (node, deep) => Document.prototype.importNode.call(inert, node, deep);
  const put = (parent, node) => Node.prototype.appendChild.call(parent, node);
  const children = of => {
    const found = [];
    for (let each = given(first, of); each; each = given(next, each)) found.push(each);
    return found;
  };
  const shown = of => {
    const inside = of instanceof HTMLSlotElement ? HTMLSlotElement.prototype.assignedNodes.call(of) : [];
    return inside.length ? inside : children(of);
  };
  const unseen = of => children(of).filter(each =>
    each instanceof Element ? !given(slotted, each) : each instanceof Text && !given(slottedText, each));

  const top = copy(root, false), left = [[root, top, false]];
  while (left.length) {
    const [from, to, within] = left.pop(), open = given(shadow, from);
    for (const each of shown(open || from)) {
      const element = each instanceof Element, name = element ? given(local, each) : '';
      if ((within || open) && ['style', 'script', 'link'].includes(name)) continue;
      put(to, copy(each, name === 'template'));
      if (element && name !== 'template') left.push([each, given(got(Node, 'lastChild'), to), within || !!open]);
    }
    const hidden = open ? unseen(from) : [];
    if (hidden.length) {
      const kept = Document.prototype.createElement.call(inert, 'template');
      for (const each of hidden) put(given(content, kept), copy(each, true));
      put(to, kept);
    }
  }
  return fit(given(outer, top));
})()""".replace("LIMIT", str(MAX_HTML))
"""By the prototypes' own getters: an element named documentElement stands in the way of the plain name."""
