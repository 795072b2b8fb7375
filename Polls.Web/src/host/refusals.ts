import { Refusal } from '../contract/http';
import { limits } from '../contract/types';
import { fill } from '../messages/text';
import { texts } from '../messages/texts';
import type { Fault, OptionFault } from './form';

const t = texts('host');
const common = texts('common');

const said: Record<string, string> = {
  offline: common.offline, busy: t.busy, unavailable: t.busy, rateLimited: t.busy,
  'room.badTitle': fill(t.badTitle, { max: limits.title }), 'room.ended': common.ended, 'room.notFound': t.noRight, 'room.tooManyPolls': fill(t.tooManyPolls, { max: limits.polls }),
  'seat.badCount': fill(t.badSeatCount, { max: limits.seatsAtOnce }), 'seat.tooMany': fill(t.tooManySeats, { max: limits.seats }),
  'room.notOwned': t.notOwned, 'auth.required': t.noRight, 'auth.forbidden': t.noRight, 'auth.wrongRoom': t.noRight,
  'account.signInFailed': t.signInFailed, 'account.sessionNotFound': t.placeGone, 'account.codeRequired': t.codeRequired, 'account.emailTaken': t.emailTaken, 'account.badEmail': t.badEmail,
  'account.badPassword': t.badPassword, 'account.registrationClosed': t.registrationClosed, 'invitation.notGood': t.invitationNotGood,
  'poll.notDraft': t.notDraft, 'poll.notFound': t.pollGone, 'poll.notOpen': t.pollNotOpen, 'poll.badOrder': t.badOrder, 'poll.changed': t.changedSince,
  'poll.badQuestion': fill(t.badQuestion, { max: limits.question }),
  'poll.badOptions': fill(t.badOptions, { min: 2, max: limits.option }), 'poll.badSettings': t.badSettings, 'poll.badKind': t.badKind, 'entry.badMerge': t.badMerge,
  'discard.nobody': t.nobodyToDiscard, 'discard.notAllowed': t.cannotDiscard, 'discard.notFound': t.discardGone,
};

/** Text for a refusal. */
export const explain = (refusal: Refusal): string => said[refusal.code] ?? common.somethingWrong;

export const optionFaultTexts: Record<OptionFault, string> = { unshowable: t.badOption, invisible: t.invisibleOption, same: t.sameOption };

/** Text for a fault of the form. */
export const explainFault = ({ code, field, option, text }: Fault): string =>
  text ? text : option ? optionFaultTexts[option] : field === 'form-seconds' ? fill(t.badSeconds, { max: limits.seconds }) : explain(new Refusal(code));

/** Converts an error to a refusal; any other error is a bug of the page. */
export const asRefusal = (error: unknown): Refusal => (error instanceof Refusal ? error : new Refusal('internal'));
