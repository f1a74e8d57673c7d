import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const horn: MantineColorsTuple = [
  '#eef4fc',
  '#dbe7f8',
  '#b9d0f1',
  '#8fb4e9',
  '#6397de',
  '#3570c4',
  '#2a61b9',
  '#1f4fa3',
  '#1a4288',
  '#15356d',
]
const gray: MantineColorsTuple = [
  '#f8f9fb',
  '#f1f3f6',
  '#e4e8ee',
  '#d3d9e1',
  '#b8c0cc',
  '#8792a3',
  '#636e7f',
  '#4b5665',
  '#343e4b',
  '#1c2430',
]
const dark: MantineColorsTuple = [
  '#e6eaf0',
  '#c6cdd8',
  '#a3adbb',
  '#7d8898',
  '#3a4352',
  '#2c3441',
  '#222935',
  '#161b24',
  '#10141b',
  '#0b0e13',
]

const SYSTEM_FONTS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
const SYSTEM_MONO = 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace'

/** The page has a banner already, and the head of what lies over it would be taken for another. */
const NO_BANNER = { header: { role: 'presentation' } }

/** Calm and dense enough for work. Every pair of text and ground holds at least 4.5:1 (WCAG 2.2, 1.4.3). */
export const theme = createTheme({
  primaryColor: 'horn',
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  colors: { horn, gray, dark },
  black: gray[9],
  fontFamily: SYSTEM_FONTS,
  fontFamilyMonospace: SYSTEM_MONO,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontFamily: SYSTEM_FONTS,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'sm',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { withArrow: true, openDelay: 150, events: { hover: true, focus: true, touch: true } } },
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: {
      defaultProps: { size: 'sm', visibilityToggleButtonProps: { tabIndex: 0, 'aria-label': 'Show what is typed' } },
    },
    Select: {
      defaultProps: {
        size: 'sm',
        allowDeselect: false,
        // The list scrolls itself, since it is the list that the field tells screen readers of.
        withScrollArea: false,
        styles: { options: { maxHeight: '15rem', overflowY: 'auto' } },
      },
    },
    // What would have the focus first stands among the items, and is none.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: {
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' }, attributes: NO_BANNER },
    },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, attributes: NO_BANNER } },
    DatePickerInput: {
      defaultProps: {
        // Red on white, which is too faint to read.
        weekendDays: [],
        // Too faint as well.
        hideOutsideDates: true,
        // As a dialog it would have the name of an element that is not there.
        popoverProps: { withRoles: false },
        ariaLabels: {
          previousMonth: 'Previous month',
          nextMonth: 'Next month',
          previousYear: 'Previous year',
          nextYear: 'Next year',
          previousDecade: 'Previous decade',
          nextDecade: 'Next decade',
        },
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    Paper: { defaultProps: { withBorder: true, radius: 'md' } },
  },
})

/** Where Mantine's own choice of shade would be too faint to read. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': gray[7],
    '--mantine-color-placeholder': gray[6],
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': horn[7],
    '--mantine-color-default-border': gray[3],
    '--posthorn-field-border': gray[5],
    '--posthorn-ground': gray[0],
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': '#8e99a9',
    '--mantine-color-error': '#ff9d94',
    '--mantine-color-anchor': horn[3],
    '--mantine-color-default-border': dark[4],
    '--posthorn-field-border': '#6c7787',
    '--posthorn-ground': dark[8],
  },
})
