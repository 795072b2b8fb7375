import type { screen as english } from '../en/screen';
import type { Like } from '../text';

export const screen: Like<typeof english> = {
  title: 'الشاشة الكبيرة',
  joinAt: 'شارِك عبر',
  qrAlt: 'رمز QR يفتح {url}',
  waiting: 'السؤال التالي بعد لحظات',
  hidden: 'الأصوات تتوالى. سيعرض المضيف النتائج لاحقًا.',
  hiddenClosed: 'انتهى التصويت. سيعرض المضيف النتائج بعد لحظات.',
  votingOpen: 'التصويت مفتوح',
  votingClosed: 'التصويت مغلق',
  noToken: 'يجب فتح هذه الشاشة من لوحة المضيف.',
  noTokenHint: 'اختر «الشاشة الكبيرة» هناك؛ فالرابط من هناك يتيح الدخول.',
  toDesk: 'إلى لوحة المضيف',
  light: 'ألوان فاتحة',
  dark: 'ألوان داكنة',
  fullScreen: 'ملء الشاشة',
  seatNeeded: 'جهّز رمز التصويت',
  joiningLocked: 'الانضمام مغلق',
};
