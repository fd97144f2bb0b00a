/** What a notebook around a view does to it, and what a view must not do to the notebook. */

/** Keys that a view uses are not the notebook's as well; those with a modifier are. */
export function hostKeys(view: HTMLElement): void {
  if (view.dataset.keys) return;
  view.dataset.keys = '';
  view.addEventListener('keydown', event => {
    if (!event.ctrlKey && !event.altKey && !event.metaKey) event.stopPropagation();
  });
  // JupyterLab listens before the event comes here, and leaves alone what carries this mark.
  view.addEventListener('focusin', event => (event.target as Element).setAttribute('data-lm-suppress-shortcuts', 'true'));
}

const themed = '.vscode-light, .vscode-dark, .vscode-high-contrast, .vscode-high-contrast-light, [data-jp-theme-light]';

/** Where the host names no theme, the page's own background says whether it is dark. */
export function hostTheme(view: HTMLElement): void {
  if (!view.closest(themed)) view.dataset.theme = pageTheme(view);
}

function pageTheme(view: HTMLElement): string {
  for (let at = view.parentElement; at; at = at.parentElement) {
    const [red, green, blue, alpha] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    if (red === undefined || alpha === 0) continue;
    return 0.299 * red + 0.587 * green! + 0.114 * blue! < 128 ? 'dark' : 'light';
  }
  // Nothing is painted: the browser's own sheet is white unless the page allows for dark.
  return /dark/.test(getComputedStyle(document.documentElement).colorScheme) ? '' : 'light';
}
