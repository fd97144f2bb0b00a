/** What a kind of view adds to its static HTML; the returned function takes listeners away again. */
export type Enhance = (view: HTMLElement, payload: unknown) => (() => void) | void;

/** The kinds this bundle knows; views register themselves when they are imported. */
export const kinds = new Map<string, Enhance>();

/** Wraps a static view and adds interaction to it, once. */
export class UniPoView extends HTMLElement {
  static version = '';
  private dispose: (() => void) | null = null;

  connectedCallback(): void {
    // While the page is still being parsed the children may not be there yet.
    if (this.ownerDocument.readyState === 'loading' && !this.querySelector('script.unipo-payload'))
      this.ownerDocument.addEventListener('DOMContentLoaded', () => this.start(), { once: true });
    else this.start();
  }

  disconnectedCallback(): void {
    this.dispose?.();
    this.dispose = null;
  }

  private start(): void {
    const enhance = kinds.get(this.getAttribute('kind') ?? '');
    if (!enhance || this.dispose || !this.isConnected) return;
    // A stored output can hold a copy of an enhanced view: what the script had added is made anew.
    for (const added of this.querySelectorAll('[data-added]')) added.remove();
    try {
      const block = this.querySelector<HTMLScriptElement>('script.unipo-payload');
      const dispose = enhance(this, block ? JSON.parse(block.textContent ?? 'null') : null);
      this.dispose = dispose ?? (() => undefined);
      this.dataset.ready = UniPoView.version;
    } catch (error) {
      // The static view stays as it is; the reason is kept where a reader of the page's source, or a test, can find it.
      this.dataset.failed = error instanceof Error ? error.message : String(error);
    }
  }
}
