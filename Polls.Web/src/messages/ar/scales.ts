import type { scales as english } from '../en/scales';
import type { Like } from '../text';

export const scales: Like<typeof english> = {
  name: 'مقاييس',
  hint: 'قيِّم كل عبارة من {min} إلى {max}',
  facts: { zero: 'بلا عبارات', one: 'عبارة واحدة', two: 'عبارتان', few: '{count} عبارات', many: '{count} عبارة', other: '{count} عبارة' },
  answers: { zero: 'بلا إجابات', one: 'إجابة واحدة', two: 'إجابتان', few: '{count} إجابات', many: '{count} إجابة', other: '{count} إجابة' },
  missing: { one: 'بقيت عبارة واحدة بلا إجابة', two: 'بقيت عبارتان بلا إجابة', few: 'بقيت {count} عبارات بلا إجابة', many: 'بقيت {count} عبارة بلا إجابة', other: 'بقيت {count} عبارة بلا إجابة' },
  clear: 'مسح',
  statement: 'العبارة',
  statements: 'العبارات',
  statementsHint: 'حتى عشر عبارات، كلها على المقياس نفسه. يقودك مفتاح الإدخال إلى التالية.',
  maySkip: 'يمكن تخطي عبارات',
  averageColumn: 'المتوسط',
};
