import { signal } from '@preact/signals';
import { HostApi } from '../contract/http';
import type { PollView } from '../contract/types';
import { Room } from '../live/room';
import { Jobs } from './jobs';

export type DialogName = 'menu' | 'qr' | 'device' | 'shortcuts' | 'end' | 'deleteRoom' | 'reopen' | 'reset' | 'delete' | 'discard' | 'seats' | 'people' | 'discardVotes' | 'revoke';

/** A room and its host's means to change it: what all parts of the desk share. */
export class HostedRoom {
  readonly room: Room;
  readonly api: HostApi;
  readonly jobs = new Jobs();
  readonly dialog = signal<DialogName | undefined>(undefined);

  constructor(code: string, token: string) {
    this.room = new Room(code, token);
    this.api = new HostApi(code, token);
    this.room.link.subscribe((link) => {
      if (link === 'live') this.jobs.reconnected();
    });
  }

  find(pollId: string): PollView | undefined {
    return this.room.polls.peek().find((poll) => poll.id === pollId);
  }
}

/** Whether what is known of a poll is older than this answer. */
export const isOlder = (known: PollView | undefined, answer: PollView): boolean => (known?.version ?? -1) < (answer.version ?? 0);
