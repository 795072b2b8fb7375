/** Replaces digits of other scripts by 0 to 9. */
export const latinDigits = (text: string): string => text.replace(/[٠-٩۰-۹]/g, (digit) => `${digit.charCodeAt(0) & 15}`);
