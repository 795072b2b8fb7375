import type { common as english } from '../en/common';
import type { Like } from '../text';

export const common: Like<typeof english> = {
  product: 'Polls',
  loading: 'لحظة من فضلك…',
  voters: {
    zero: 'لا أصوات', one: 'صوت واحد', two: 'صوتان', few: '{count} أصوات', many: '{count} صوتًا', other: '{count} صوت',
  },
  participants: {
    zero: 'لا أحد هنا', one: 'شخص واحد هنا', two: 'شخصان هنا', few: '{count} أشخاص هنا', many: '{count} شخصًا هنا', other: '{count} شخص هنا',
  },
  share: { zero: 'لا أصوات، {percent}', one: 'صوت واحد، {percent}', two: 'صوتان، {percent}', few: '{count} أصوات، {percent}', many: '{count} صوتًا، {percent}', other: '{count} صوت، {percent}' },
  ended: 'انتهت هذه الجلسة',
  thanks: 'شكرًا على مشاركتكم.',
  results: 'النتائج',
  adjusted: 'قُرِّبت النسب المئوية بحيث يكون مجموعها 100%.',
  timeLeft: 'الوقت المتبقي: {time}',
  connecting: 'جارٍ الاتصال…',
  connectionLost: 'انقطع الاتصال. جارٍ استعادته…',
  connectionBack: 'عاد الاتصال.',
  joinCode: 'الرمز',
  noScript: 'يحتاج Polls إلى JavaScript. يُرجى تفعيله ثم إعادة تحميل الصفحة.',
  offline: 'لا يوجد اتصال في الوقت الحالي.',
  retry: 'إعادة المحاولة',
  newerKind: 'لا تستطيع هذه الصفحة عرض هذا النوع من الأسئلة بعد.',
  reload: 'إعادة تحميل الصفحة',
  somethingWrong: 'حدث خطأ ما. يُرجى المحاولة مرة أخرى.',
  tooLong: 'كان النص أطول من اللازم، فحُذف جزء منه.',
  perDevice: 'صوت واحد لكل جهاز',
  perAnyone: 'يمكن التصويت من جديد',
  perSeatCode: 'صوت واحد لكل رمز تصويت',
  perAccount: 'صوت واحد لكل حساب',
  yourVote: 'صوتك',
  chooseOne: 'اختر إجابة واحدة',
  chooseMany: 'اختر {max} على الأكثر',
  chooseAny: 'اختر أي عدد من الإجابات',
  tooMany: 'الحد الأقصى {max}. أزِل إجابة أولًا.',
};
