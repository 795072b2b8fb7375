import { useEffect } from 'preact/hooks';
import { count, fill } from '../messages/text';
import { texts } from '../messages/texts';
import type { Desk } from './desk';
import { focusSoon } from './place';

const t = texts('host');

/** Preview of the printed pages with seat codes. */
export function Sheets({ desk, sheets }: { desk: Desk; sheets: string[] }) {
  useEffect(() => {
    scrollTo(0, 0);
    focusSoon('sheets-title');
  }, []);
  const print = async (): Promise<void> => {
    // A page that is not rendered yet would print blank.
    await Promise.all([...document.querySelectorAll<HTMLImageElement>('.sheets img')].map((image) => image.decode().catch(() => undefined)));
    window.print();
  };
  return (
    <main class="sheets">
      <header class="sheets-head">
        <div>
          <h1 id="sheets-title" tabIndex={-1}>{t.sheetsTitle}</h1>
          <p class="muted">{count(t.sheets, sheets.length)}. {t.sheetsHint}</p>
        </div>
        <div class="row">
          <button class="button primary" type="button" onClick={() => void print()}><PrinterIcon /> {t.print}</button>
          <button class="button" type="button" onClick={() => {
            desk.seats.sheets.value = undefined;
            focusSoon('seats');
          }}>{t.toDesk}</button>
        </div>
      </header>
      {sheets.map((sheet, i) => <img key={i} class="sheet" src={sheet} alt={fill(t.sheetAlt, { page: i + 1, total: sheets.length })} width="210" height="297" />)}
    </main>
  );
}

const PrinterIcon = () => (
  <svg class="icon" viewBox="0 0 24 24" width="1.25em" height="1.25em" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">
    <path d="M7 8V3.500h10V8M7 17H4V8h16v9h-3M7 13.500h10v7H7z" />
  </svg>
);
