import { find, findAll, h } from './make.js';

/** A button for every table of numbers that copies it as CSV. */
export function csvButtons(view: HTMLElement): void {
  for (const table of findAll<HTMLTableElement>(view, 'tbody.rows')) {
    const box = table.closest('.scroll');
    if (!box || find(box, '.csv') || box.closest('[data-added]') || !navigator.clipboard) continue;
    const copy = h(
      'button',
      {
        type: 'button',
        class: 'csv',
        'data-added': true,
        click: () =>
          void navigator.clipboard.writeText(csv(box)).then(
            () => {
              copy.textContent = 'copied';
            },
            () => {
              copy.textContent = 'the browser refused';
            },
          ),
      },
      'copy as CSV',
    );
    box.append(copy);
  }
}

/** The table as CSV: a point in numbers, a true minus, quotes where they are needed. */
export function csv(box: Element): string {
  return (
    findAll(box, 'tr')
      .map(row =>
        Array.from(row.children)
          .map(cell => {
            const text = (cell.textContent ?? '')
              .replace(/\s+/g, ' ')
              .trim()
              .replace(/−(?=\d)/g, '-');
            return /[",]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
          })
          .join(','),
      )
      .join('\n') + '\n'
  );
}
