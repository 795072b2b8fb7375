import { signal } from '@preact/signals';
import { Refusal } from '../contract/http';
import type { PollDraft, PollView } from '../contract/types';
import { forget, recall, remember } from '../live/keepsake';
import { texts } from '../messages/texts';
import { announce } from '../ui/announce';
import { check, draftOf, emptyForm, formOf, typed, type PollForm } from './form';
import type { HostedRoom } from './hosted';
import { focusSoon } from './place';
import { explain } from './refusals';

const t = texts('host');

interface Unsaved {
  form: PollForm;
  /** The edited draft; undefined for a new poll. */
  pollId?: string;
  changed: boolean;
  /** The polls before a new one was first sent: shows whether an attempt without an answer succeeded. */
  known?: string[];
}

/** The poll being written. It stays on this device until it is saved or discarded. */
export class Writing {
  readonly unsaved = signal<Unsaved | undefined>(undefined);
  readonly visible = signal(false);

  /** The code of the form's first problem. */
  readonly fault = signal<string | undefined>(undefined);

  /** What to do after the host confirms discarding the unsaved poll. */
  private next: (() => void) | undefined;
  private readonly key: string;

  constructor(code: string, private readonly hosted: HostedRoom, private readonly select: (poll: PollView) => void) {
    this.key = `host.form.${code}`;
    const left = recall<Unsaved>(this.key);
    if (left?.changed) this.unsaved.value = left;
    this.visible.value = this.unsaved.value !== undefined;
  }

  /** Starts a new poll, or returns to the unsaved one. */
  start = (): void => {
    if (this.unsaved.peek()) this.show();
    else this.begin({ form: emptyForm(), changed: false });
  };

  edit = (poll: PollView): void => this.instead(() => this.load(poll, (draft) => ({ form: formOf(draft), pollId: poll.id, changed: false })));

  duplicate = (poll: PollView): void => this.instead(() => this.load(poll, (draft) => ({ form: formOf(draft), changed: true })));

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
      const poll = await this.send(this.unsaved.peek() ?? unsaved);
      if (!this.hosted.find(poll.id) || unsaved.pollId) this.hosted.room.PollChanged(poll);
      announce(t.saved);
      this.drop();
      if (another) this.begin({ form: emptyForm(), changed: false });
      else this.select(poll);
      if (!another) focusSoon('poll-title');
    }, (refusal) => {
      if (!['poll.badQuestion', 'poll.badOptions', 'poll.badSettings', 'poll.badKind'].includes(refusal.code)) return false;
      this.fault.value = refusal.code;
      this.tellFault();
      return true;
    });
  }

  private send({ form, pollId, known, ...rest }: Unsaved): Promise<PollView> {
    const draft = draftOf(form);
    if (pollId) return this.hosted.api.edit(pollId, draft);
    const arrived = known && this.hosted.room.polls.peek().find((poll) => !known.includes(poll.id) && poll.state === 'draft' && same(poll, draft));
    if (arrived) return Promise.resolve(arrived);
    this.keep({ form, ...rest, known: known ?? this.hosted.room.polls.peek().map(({ id }) => id) });
    return this.hosted.api.write(draft);
  }

  private load(poll: PollView, make: (draft: PollDraft) => Unsaved): void {
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
    this.fault.value = undefined;
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
    this.fault.value = undefined;
  }

  private tellFault(): void {
    const code = this.fault.peek()!;
    announce(explain(new Refusal(code)));
    const field = { 'poll.badQuestion': 'question', 'poll.badOptions': 'option-0' }[code];
    if (field) focusSoon(field);
  }
}

const same = (poll: PollView, draft: PollDraft): boolean => poll.question === draft.question && poll.options.join('\n') === draft.options.join('\n');
