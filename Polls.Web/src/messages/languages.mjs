/** All languages; the first is the fallback. To add one: copy the folder `en`, translate, add it here and to nginx/pages.conf. */
export const languages = [
  { code: 'en', dir: 'ltr' },
  { code: 'de', dir: 'ltr' },
  { code: 'fr', dir: 'ltr' },
  { code: 'es', dir: 'ltr' },
  { code: 'pt', dir: 'ltr' },
  { code: 'ar', dir: 'rtl' },
];
