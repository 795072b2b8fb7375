import type { ComponentType } from 'preact';
import type { HostApi } from '../contract/http';
import type { Answer, PollView, Tally } from '../contract/types';
import type { Table } from '../ui/Tables';

/** The controls with which a person answers. */
export interface AnswerProps {
  poll: PollView;
  /** Only if the person may see it. */
  tally: Tally | undefined;
  /** What is chosen, sent or not; empty if nothing is. */
  answer: Answer;
  /** Who answers; undefined in a preview. */
  participant?: string;
  /** Nothing can be chosen now. Buttons use aria-disabled, so that they keep the focus. */
  locked: boolean;
  /** Takes another choice; an empty one if nothing is chosen any more. The note tells why a choice was not taken. */
  choose(answer: Answer, note?: string): void;
  /** Sends what is chosen, as the button does: for the Enter key of a field. */
  send(): void;
}

/** A result; on the phone with the person's own answer. */
export interface ResultProps {
  poll: PollView;
  /** Undefined while there is none: then nobody has voted. */
  tally: Tally | undefined;
  mine?: Answer;
}

/** A result without pictures, the same on all pages. */
export interface Plain {
  /** The most important of it in one sentence, for announcements while votes arrive. */
  lead(poll: PollView, tally: Tally): string;
  /** All of it in sentences, one per item. */
  spoken(poll: PollView, tally: Tally): string[];
  /** All of it as tables. */
  tables(poll: PollView, tally: Tally | undefined): Table[];
}

/** A kind of question on the phone. */
export interface PhoneKind {
  /** Whether a choice is sent at once, without a button. */
  atOnce(poll: PollView): boolean;
  /** How to answer, in a few words. */
  hint(poll: PollView): string;
  /** What is missing before the choice can be sent; empty if nothing is. */
  missing?(poll: PollView, answer: Answer): string;
  /** The text of the button that sends the first answer, if it is not 'Send my vote'. */
  send?: string;
  Answer: ComponentType<AnswerProps>;
  Result: ComponentType<ResultProps>;
  /** The answer in words. */
  words(poll: PollView, answer: Answer): string;
  plain: Plain;
}

/** A kind of question on the big screen. */
export interface ScreenKind {
  /** The result, or what can be answered while there is no tally. Grows with --u (screen.css); useFit makes it fit. */
  Chart: ComponentType<ChartProps>;
  /** What explains the result. */
  under?(poll: PollView, tally: Tally | undefined): string;
  plain: Plain;
}

export interface ChartProps {
  poll: PollView;
  /** Undefined while the result is hidden. */
  tally: Tally | undefined;
}

/** Settings that only this kind has. */
export type OwnSettings = Record<string, unknown>;

/** A setting that has to be corrected. */
export interface SettingFault {
  /** The id of its field. */
  field: string;
  text: string;
}

/** The form's fields for the settings of a kind. */
export interface FieldsProps {
  settings: OwnSettings;
  /** The poll is open or closed: only words can be corrected. */
  onlyWords: boolean;
  /** The texts of the options that are not empty. */
  options: string[];
  /** What to say at the field with this id; empty unless it has to be corrected. */
  faultOf(field: string): string;
  change(part: OwnSettings): void;
}

/** A kind of question on the host's desk. */
export interface HostKind {
  name: string;
  /** How many options people write; undefined if the kind has none. */
  options?: { least: number; most: number; legend: string; hint: string } | undefined;
  /** The settings of a new poll. */
  defaults: OwnSettings;
  Fields?: ComponentType<FieldsProps>;
  /** Whether the settings contain words that people see. */
  hasLabels?: boolean;
  /** The settings to send, which can depend on the number of options. Without it, all as they are. */
  settingsOf?(settings: OwnSettings, options: number): OwnSettings;
  /** The first setting that has to be corrected. */
  fault?(settings: OwnSettings, options: number): SettingFault | undefined;
  /** The shape in a few words each, such as '1 to 5 stars'. */
  facts(settings: OwnSettings, options: number): string[];
  /** What people will see on their phones. */
  Answer: ComponentType<AnswerProps>;
  hint(poll: PollView): string;
  Result: ComponentType<ResultProps>;
  plain: Plain;
  /** What hosts can do with single entries. */
  Manage?: ComponentType<ManageProps>;
}

export interface ManageProps {
  poll: PollView;
  tally: Tally | undefined;
  api: HostApi;
  /** What to say about a command that failed. */
  explain(error: unknown): string;
}
