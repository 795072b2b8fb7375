const question = '(prefers-color-scheme: dark)';
const answers = { dark: 'all', light: 'not all' };
let rule: CSSMediaRule | undefined;

export const prefersDark = (): boolean => matchMedia(question).matches;

/**
 * The hall's light decides, not the laptop's setting. The dark colours are in one media rule in base.css; the choice
 * changes the condition of that rule.
 */
export function applyTheme(dark: boolean): void {
  rule ??= [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .find((found): found is CSSMediaRule => found instanceof CSSMediaRule && found.media.mediaText === question);
  if (rule) rule.media.mediaText = dark ? answers.dark : answers.light;
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
}
