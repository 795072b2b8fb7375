import { effect, signal } from '@preact/signals';
import { Refusal } from '../contract/http';
import type { PollDraft, PollView, StoredDraft } from '../contract/types';
import { forget, recall, remember } from '../live/keepsake';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { check, draftOf, emptyForm, faultOf, formOf, isSameDraft, typed, type Fault, type PollForm } from './form';
import { isOlder, type HostedRoom } from './hosted';
import { focusSoon } from './place';
import { explain, explainFault } from './refusals';

const t = texts('host');

interface Unsaved {
  form: PollForm;
  /** The edited draft; undefined for a new poll. */
  pollId?: string;
  /** The draft as it was when this host began to edit it. */
  from?: StoredDraft;
  /** What this host has sent: it may be stored although no answer came. */
  sent?: PollDraft;
  changed: boolean;
  /** The poll is open or closed: only its words are corrected. */
  corrects?: boolean;
  /** The polls before a new one was first sent: shows whether an attempt without an answer succeeded. */
  known?: string[];
}

/** What another host has made of the edited draft meanwhile: another text, or no draft any more. */
export type Stored = StoredDraft | 'poll.notDraft' | 'poll.notFound';

const maxTries = 3;

/**
 * The poll being written. It stays on this device until it is saved or discarded, also if another host changes, opens
 * or deletes the same draft meanwhile: then this host decides.
 */
export class Writing {
  readonly unsaved = signal<Unsaved | undefined>(undefined);
  readonly visible = signal(false);

  /** The form's first problem. */
  readonly fault = signal<Fault | undefined>(undefined);

  /** Set if what is stored now is not what this host began to edit. */
  readonly stored = signal<Stored | undefined>(undefined);

  /** What to do after the host confirms discarding the unsaved poll. */
  private next: (() => void) | undefined;
  private readonly key: string;
  readonly end: () => void;

  constructor(code: string, private readonly hosted: HostedRoom, private readonly select: (poll: PollView) => void) {
    this.key = `host.form.${code}`;
    const left = recall<Unsaved>(this.key);
    if (left?.changed) this.unsaved.value = left;
    this.visible.value = this.unsaved.value !== undefined;
    this.end = effect(() => this.watch());
  }

  /** Starts a new poll, or returns to the unsaved one. */
  start = (): void => {
    if (this.unsaved.peek()) this.show();
    else this.begin({ form: emptyForm(), changed: false });
  };

  edit = (poll: PollView): void => this.instead(() => this.load(poll, (from) => ({ form: formOf(from.draft), pollId: poll.id, from, changed: false })));

  /** Corrects the words of an open or closed poll. */
  correct = (poll: PollView): void => this.instead(() => this.load(poll, (from) => ({ form: formOf(from.draft), pollId: poll.id, from, changed: false, corrects: true })));

  duplicate = (poll: PollView): void => this.instead(() => this.load(poll, ({ draft }) => ({ form: formOf(draft), changed: true })));

  change(part: Partial<PollForm>): void {
    const unsaved = this.unsaved.peek();
    if (!unsaved) return;
    this.fault.value = undefined;
    this.keep({ ...unsaved, form: { ...unsaved.form, ...part }, changed: true });
  }

  cancel = (): void => this.instead(() => this.drop());

  /** The host confirmed discarding. */
  discard = (): void => {
    this.drop();
    this.next?.();
    this.next = undefined;
  };

  async save(another: boolean): Promise<void> {
    const unsaved = this.unsaved.peek();
    if (!unsaved) return;
    this.fault.value = check(unsaved.form);
    if (this.fault.value) return this.tellFault();
    await this.hosted.jobs.run('save', async () => {
      const sent = this.unsaved.peek() ?? unsaved;
      const poll = await this.send(sent);
      if (isOlder(this.hosted.find(poll.id), poll)) this.hosted.room.PollChanged(poll);
      announce(t.saved);
      const typed = this.unsaved.peek();
      if (typed && typed.form !== sent.form) {
        // Typed while it was being saved.
        this.keep({ form: typed.form, pollId: poll.id, from: { draft: draftOf(sent.form), version: poll.version }, changed: true, ...(sent.corrects ? { corrects: true } : {}) });
        return;
      }

      this.drop();
      if (another) this.begin({ form: emptyForm(), changed: false });
      else this.select(poll);
      if (!another) focusSoon('poll-title');
    }, (refusal) => {
      if (refusal.code === 'poll.notDraft' || refusal.code === 'poll.notFound') this.tellStored(refusal.code);
      if (this.stored.peek() && ['poll.changed', 'poll.notDraft', 'poll.notFound'].includes(refusal.code)) {
        focusSoon('conflict-title');
        return true;
      }

      if (!['poll.badQuestion', 'poll.badOptions', 'poll.badSettings', 'poll.badKind'].includes(refusal.code)) return false;
      this.fault.value = faultOf(refusal.code, unsaved.form);
      this.tellFault();
      return true;
    });
  }

  /** Replaces what another host has stored. If the poll is no draft any more, a new poll is made. */
  saveMine(): void {
    const [unsaved, stored] = [this.unsaved.peek(), this.stored.peek()];
    if (!unsaved || !stored) return;
    const { pollId, from: _, ...mine } = unsaved;
    this.keep({ ...mine, changed: true, ...(pollId && typeof stored === 'object' ? { pollId, from: stored } : {}) });
    this.stored.value = undefined;
    void this.save(false);
  }

  /** Goes on with what another host has stored. */
  takeTheirs(): void {
    const [unsaved, stored] = [this.unsaved.peek(), this.stored.peek()];
    if (unsaved && typeof stored === 'object') this.begin({ ...unsaved, form: formOf(stored.draft), from: stored, changed: false });
  }

  /** Looks at the edited draft whenever another host has changed it. */
  private watch(): void {
    const pollId = this.unsaved.value?.pollId;
    const { room, jobs } = this.hosted;
    if (!pollId || room.link.value !== 'live' || room.ended.value || jobs.runs('save')) return;
    const poll = room.polls.value.find(({ id }) => id === pollId);
    const [{ from }, stored] = [this.unsaved.value!, this.stored.peek()];
    const seen = Math.max(from ? from.version ?? Infinity : 0, (typeof stored === 'object' && stored.version) || 0);
    if (!poll) this.tellStored('poll.notFound');
    else if (poll.state !== 'draft' && !this.unsaved.value!.corrects) this.tellStored('poll.notDraft');
    else if ((poll.version ?? 0) > seen) void this.catchUp(pollId).catch(() => undefined);
    else if (typeof stored === 'string') this.stored.value = undefined;
  }

  /** Reads what is stored now. Returns whether it still is what this host began to edit, or what this host has typed. */
  private async catchUp(pollId: string): Promise<boolean> {
    const now = await this.hosted.api.read(pollId);
    const unsaved = this.unsaved.peek();
    if (unsaved?.pollId !== pollId) return false;
    const { from, form, sent } = unsaved;
    if (from && ![from.draft, draftOf(form), ...(sent ? [sent] : [])].some((own) => isSameDraft(now.draft, own))) {
      this.tellStored(now);
      return false;
    }

    this.stored.value = undefined;
    if (!from || from.version !== now.version || !isSameDraft(from.draft, now.draft)) this.keep({ ...unsaved, from: now });
    return true;
  }

  private tellStored(stored: Stored): void {
    const known = this.stored.peek();
    if (typeof stored === 'string' ? stored === known : typeof known === 'object' && (known.version ?? 0) >= (stored.version ?? 0)) return;
    this.stored.value = stored;
    announce(explain(new Refusal(typeof stored === 'string' ? stored : 'poll.changed')));
  }

  private async send({ form, pollId, known, ...rest }: Unsaved): Promise<PollView> {
    const draft = draftOf(form);
    if (pollId) this.keep({ form, pollId, ...rest, sent: draft });
    for (let attempt = 1; pollId; attempt++) {
      try {
        return await this.hosted.api.edit(pollId, draft, this.unsaved.peek()?.from?.version);
      } catch (error) {
        // A draft that another host has only moved can be saved all the same.
        if (!(error instanceof Refusal) || error.code !== 'poll.changed' || !(await this.catchUp(pollId)) || attempt === maxTries) throw error;
      }
    }

    const arrived = known && this.hosted.room.polls.peek().find((poll) => !known.includes(poll.id) && poll.state === 'draft' && isSameDraft(poll, draft));
    if (arrived) return arrived;
    this.keep({ form, ...rest, known: known ?? this.hosted.room.polls.peek().map(({ id }) => id) });
    return this.hosted.api.write(draft);
  }

  private load(poll: PollView, make: (stored: StoredDraft) => Unsaved): void {
    void this.hosted.jobs.run(poll.id, async () => this.begin(make(await this.hosted.api.read(poll.id))));
  }

  private instead(next: () => void): void {
    const unsaved = this.unsaved.peek();
    if (unsaved?.changed && typed(unsaved.form)) {
      this.next = next;
      this.hosted.dialog.value = 'discard';
    } else next();
  }

  private begin(unsaved: Unsaved): void {
    this.keep(unsaved);
    [this.fault.value, this.stored.value] = [undefined, undefined];
    this.show();
  }

  private show(): void {
    this.visible.value = true;
    focusSoon('question');
  }

  private keep(unsaved: Unsaved): void {
    this.unsaved.value = unsaved;
    remember(this.key, unsaved);
  }

  private drop(): void {
    forget(this.key);
    this.unsaved.value = undefined;
    this.visible.value = false;
    [this.fault.value, this.stored.value] = [undefined, undefined];
  }

  private tellFault(): void {
    const fault = this.fault.peek()!;
    announce(explainFault(fault));
    focusSoon(fault.field);
  }
}
