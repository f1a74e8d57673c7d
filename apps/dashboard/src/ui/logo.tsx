/** A post horn. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden focusable="false">
      <rect width="32" height="32" rx="7" fill="#1f4fa3" />
      <g fill="none" stroke="#ffd25e" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
        <path d="M5 11.5h12.5a5.75 5.75 0 1 1-5.75 5.75c0-2.2 1.2-3.9 3-4.9" />
        <path d="M17.5 11.5c4 0 6.6-1.3 9-4.5v9.6c-1.6-2-3.4-3.3-5.4-4" />
        <path d="M5 9.3v4.4" />
      </g>
    </svg>
  )
}
