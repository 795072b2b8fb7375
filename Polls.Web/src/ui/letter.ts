/** The letter of an option: A to T. */
export const letter = (option: number): string => String.fromCharCode(65 + option);
