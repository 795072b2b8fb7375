import type { rating as english } from '../en/rating';
import type { Like } from '../text';

export const rating: Like<typeof english> = {
  name: 'تقييم',
  hint: 'قيِّم من {min} إلى {max}',
  stars: { zero: 'بلا نجوم', one: 'نجمة واحدة', two: 'نجمتان', few: '{count} نجوم', many: '{count} نجمة', other: '{count} نجمة' },
  value: '{value} من {max}',
  ofMax: 'من {max}',
  mean: 'المتوسط {value}',
  median: 'الوسيط {value}',
  nps: 'صافي نقاط الترويج {score}',
  npsName: 'صافي نقاط الترويج',
  low: 'منتقدون',
  middle: 'محايدون',
  high: 'مروّجون',
  look: 'الشكل',
  lookStars: 'نجوم',
  lookNumbers: 'أرقام',
  lookSmileys: 'وجوه',
  lookNps: 'صافي نقاط الترويج (من 0 إلى 10)',
  lowest: 'أدنى قيمة',
  highest: 'أعلى قيمة',
  lowLabel: 'نص عند الطرف الأدنى (اختياري)',
  highLabel: 'نص عند الطرف الأعلى (اختياري)',
  valueColumn: 'القيمة',
};
