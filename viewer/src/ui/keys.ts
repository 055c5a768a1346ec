/** The field that `/` jumps to. */
export const GENE_FIELD = 'gene-field';

/** Keys that work wherever the focus is, but in a field that takes text. */
export function listenToKeys({ help }: { help: () => void }): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
    if (event.key === '/') {
      event.preventDefault();
      document.getElementById(GENE_FIELD)?.focus();
    } else if (event.key === '?') {
      event.preventDefault();
      help();
    }
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

function takesText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['range', 'checkbox', 'radio'].includes(target.type);
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
