/** What people typed with the digits of another script, with 0 to 9. */
export const latinDigits = (text: string): string => text.replace(/[٠-٩۰-۹]/g, (digit) => `${digit.charCodeAt(0) & 15}`);
