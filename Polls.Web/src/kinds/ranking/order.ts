import type { PollView } from '../../contract/types';
import { average } from '../../ui/figures';

/** How many places an answer has at most and at least. Without settings, all options. */
export function placesOf({ settings, options }: Pick<PollView, 'settings' | 'options'>): { most: number; least: number } {
  const most = Number(settings.places) || options.length;
  return { most, least: Number(settings.least) || most };
}

/** What is shown of an option. */
export interface Ranked {
  option: number;
  /** Equal points share a place: 1, 2, 2, 4. */
  place: number;
  points: number;
  /** Points per voter, with one decimal; undefined while nobody has voted. */
  average: number | undefined;
  /** How many gave it each place. */
  counts: number[];
}

/** The result of a ranking, computed from the cells of its tally (docs/kinds.md). */
export interface Order {
  /** By points (Borda): as many as there are places for the first one, one less for each further one, none if unranked. */
  ranked: Ranked[];
  /** How many prefer the first option to the second one. */
  prefer(option: number, other: number): number;
  /** The option that more people prefer to each other one than the reverse (Condorcet), if there is one. */
  winner: number | undefined;
  /** Whether the winner is not first by points. */
  differs: boolean;
}

export function orderOf(options: number, places: number, cells: readonly number[], voters: number): Order {
  const all = Array.from({ length: options }, (_, option) => option);
  const scored = all.map((option) => {
    const counts = Array.from({ length: places }, (_, place) => cells[option * places + place] ?? 0);
    const points = counts.reduce((sum, count, place) => sum + count * (places - place), 0);
    return { option, points, average: average(points, voters), counts };
  });
  // Sorting is stable: among equals the order of the options stays.
  const ranked = [...scored].sort((a, b) => b.points - a.points)
    .map((one) => ({ ...one, place: 1 + scored.filter(({ points }) => points > one.points).length }));
  const prefer = (option: number, other: number): number =>
    cells[options * places + option * (options - 1) + (other < option ? other : other - 1)] ?? 0;
  const winner = all.find((option) => all.every((other) => other === option || prefer(option, other) > prefer(other, option)));
  return { ranked, prefer, winner, differs: winner !== undefined && ranked.find(({ option }) => option === winner)!.place > 1 };
}
