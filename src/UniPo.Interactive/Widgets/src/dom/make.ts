/** Elements from text and attributes only: nothing that comes from data is ever parsed as markup. */
export type Child = Node | string | null | undefined | false;
export type Attributes = Record<string, string | number | boolean | null | undefined | ((event: any) => void)>;

const svgNamespace = 'http://www.w3.org/2000/svg',
  mathNamespace = 'http://www.w3.org/1998/Math/MathML';

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(svgNamespace, tag) as SVGElementTagNameMap[K], attributes, children);
}

export function m(tag: string, attributes: Attributes = {}, ...children: Child[]): Element {
  return fill(document.createElementNS(mathNamespace, tag), attributes, children);
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** The first element that a selector finds below another one. */
export const find = <E extends Element = Element>(root: ParentNode, selector: string): E | null =>
  root.querySelector<E>(selector);
export const findAll = <E extends Element = Element>(root: ParentNode, selector: string): E[] =>
  Array.from(root.querySelectorAll<E>(selector));

/** What the end of a view says of a word; nothing where it does not explain it. */
export function meaning(view: Element, word: string | null | undefined): string {
  const found = findAll(view.closest('.unipo')!, '.words dt').find(dt => dt.textContent === word);
  return found?.nextElementSibling?.textContent ?? '';
}

/** Sets an attribute. */
export const mark = (element: Element, name: string, value: string | number): void => element.setAttribute(name, value as string);

/** Takes away what the scripts have added to a view. */
export function sweep(view: Element): void {
  for (const added of findAll(view, '[data-added]')) added.remove();
}

/** Replaces an element's children. */
export function put(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((c): c is Node | string => !!c));
}

let counter = 0;
/** An id that no other element of the page has, also when the same output is shown twice. */
export function freshId(prefix: string): string {
  let id: string;
  do id = `unipo-${prefix}-${++counter}`;
  while (document.getElementById(id));
  return id;
}
