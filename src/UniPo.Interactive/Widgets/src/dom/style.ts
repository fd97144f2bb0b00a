import rules from './widgets.css';

let added = false;
/** Rules of views that lie in the page once, by their text. */
const shared = new Map<string, CSSStyleSheet>();

/** Adds the rules of what the scripts make, once a page; all of them lie below the views' root class. */
export function style(): void {
  if (added || !('adoptedStyleSheets' in document)) return;
  added = true;
  adopt(rules);
}

/**
 * Every view brings its own rules, so that it can stand alone. On a page with many of them the browser would match each element
 * against all of them: those of one text are kept once, and the elements that brought them are switched off.
 */
export function shareStyles(view: Element): void {
  if (!added) return;
  for (const own of Array.from(view.children)) {
    if (!(own instanceof HTMLStyleElement) || !own.sheet) continue;
    const text = own.textContent!;
    if (!shared.has(text)) shared.set(text, adopt(text));
    own.sheet.disabled = true;
  }
}

function adopt(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  // What the scripts make comes last.
  const all = [...document.adoptedStyleSheets],
    own = all.pop();
  document.adoptedStyleSheets = own ? [...all, sheet, own] : [sheet];
  return sheet;
}
