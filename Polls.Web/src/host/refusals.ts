import { Refusal } from '../contract/http';
import { texts } from '../messages/texts';

const t = texts('host');
const common = texts('common');

const said: Record<string, string> = {
  offline: common.offline, busy: t.busy, unavailable: t.busy, rateLimited: t.busy,
  'room.badTitle': t.badTitle, 'room.ended': t.ended, 'room.notFound': t.noRight, 'room.tooManyPolls': t.tooManyPolls,
  'auth.required': t.noRight, 'auth.forbidden': t.noRight, 'auth.wrongRoom': t.noRight,
  'poll.notDraft': t.notDraft, 'poll.notFound': t.pollGone, 'poll.notOpen': t.pollNotOpen, 'poll.badOrder': t.badOrder,
  'poll.badQuestion': t.badQuestion, 'poll.badOptions': t.badOptions, 'poll.badSettings': t.badSettings, 'poll.badKind': t.badKind,
};

/** Why it did not work, in words. */
export const explain = (refusal: Refusal): string => said[refusal.code] ?? common.somethingWrong;

/** What was thrown, as a refusal: anything that is not one is our own mistake. */
export const asRefusal = (error: unknown): Refusal => (error instanceof Refusal ? error : new Refusal('internal'));
