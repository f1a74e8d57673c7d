// Generated from the contracts by `pnpm generate`. Do not edit.

export const VERSION = '0.1.0'
