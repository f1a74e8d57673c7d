import { PasswordInput, type PasswordInputProps } from '@mantine/core'

/** A password that is being chosen. The server has the rules; this says the one that everybody meets. */
export function NewPasswordInput(props: PasswordInputProps) {
  return (
    <PasswordInput
      autoComplete="new-password"
      description="At least 8 characters, better 15 or more: a few words that belong to nobody else."
      minLength={8}
      required
      {...props}
    />
  )
}
