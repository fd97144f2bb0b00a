import { csvButtons } from './dom/csv.js';
import { hostKeys, hostTheme } from './dom/host.js';
import { sweep } from './dom/make.js';
import { shareStyles } from './dom/style.js';

/** What a kind of view adds to its static HTML; the returned function takes listeners away again. */
export type Enhance = (view: HTMLElement, payload: unknown) => (() => void) | void;

/** Makes the element class of one kind of view: it wraps the static HTML and adds interaction to it, once. */
export function elementFor(enhance: Enhance, version: string): CustomElementConstructor {
  return class extends HTMLElement {
    private retire: (() => void) | null = null;
    private painted = false;

    connectedCallback(): void {
      hostTheme(this);
      hostKeys(this);
      // While the page is still being parsed the payload, the view's last child, may not be there yet.
      if (this.ownerDocument.readyState === 'loading' && !payloadOf(this))
        this.ownerDocument.addEventListener('DOMContentLoaded', () => this.start(), { once: true });
      else this.start();
    }

    disconnectedCallback(): void {
      this.retire?.();
      this.retire = null;
      delete this.dataset.ready;
    }

    private start(): void {
      const block = payloadOf(this);
      if (this.retire || !this.isConnected) return;
      shareStyles(this);
      if (!block) {
        sweep(this);
        csvButtons(this);
        return;
      }
      // A view with much data is on the screen before anything is made of it: its static part is complete.
      if (!this.painted && block.textContent!.length > muchData) {
        this.painted = true;
        requestAnimationFrame(() => setTimeout(() => this.start()));
        return;
      }
      // A stored or copied output can hold what a script had added: it is made anew.
      sweep(this);
      try {
        this.retire = enhance(this, JSON.parse(block.textContent ?? 'null')) ?? (() => undefined);
        csvButtons(this);
        this.dataset.ready = version;
      } catch (error) {
        // The static view stays as it is; the reason is kept where a reader of the page's source, or a test, can find it.
        this.dataset.failed = error instanceof Error ? error.message : String(error);
      }
    }
  };
}

/** Characters of a payload that take long enough to read that the first picture comes before. */
const muchData = 2e5;

const payloadOf = (view: Element): Element | null =>
  Array.from(view.children).find(c => c.matches('script.unipo-payload')) ?? null;
