import { UniPoView } from './view.js';

declare const UNIPO_VERSION: string;

// A page may hold this script many times, from several outputs and versions: the first one defines the element, the others find it.
if (typeof customElements !== 'undefined' && !customElements.get('unipo-view')) {
  UniPoView.version = UNIPO_VERSION;
  customElements.define('unipo-view', UniPoView);
}
