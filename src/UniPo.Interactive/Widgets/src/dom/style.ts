import rules from './widgets.css';

let added = false;

/** Adds the rules of what the scripts make, once a page; all of them lie below the views' root class. */
export function style(): void {
  if (added || !('adoptedStyleSheets' in document)) return;
  added = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
