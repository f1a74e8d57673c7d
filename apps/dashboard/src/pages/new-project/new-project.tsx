import { Button, Group, Paper, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { queryClient, trpc } from '../../api/trpc.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { KeepTyped } from '../../forms/keep-typed.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useProjects } from '../../shell/person.tsx'
import { PageHeader } from '../../ui/page-header.tsx'

/** The first project of somebody, or one more. */
export function Page() {
  const isFirst = useProjects().length === 0
  const navigate = useNavigate()
  const create = useMutation(trpc.projects.create.mutationOptions())
  const form = useForm({ mode: 'uncontrolled', initialValues: { name: '' } })
  const { submit, isSaving, problem } = useSaving(form, async (values) => {
    const { id } = await create.mutateAsync(values)
    await queryClient.invalidateQueries(trpc.projects.list.pathFilter())
    await navigate({ to: '/p/$projectId', params: { projectId: id } })
  })
  return (
    <div style={{ maxWidth: '36rem' }}>
      <PageHeader
        title={isFirst ? 'Make your first project' : 'New project'}
        lead="A project has mail, contacts, events and API keys of its own. One for each app is a good rule."
      />
      <Paper p="lg">
        <form onSubmit={submit}>
          <Stack>
            <KeepTyped form={form} isSaving={isSaving} />
            <FormProblem problem={problem} />
            <TextInput
              label="Name"
              description="Recipients see it as the sender where a mail names nobody else."
              placeholder="Acme"
              required
              autoFocus
              key={form.key('name')}
              {...form.getInputProps('name')}
            />
            <Group>
              <Button type="submit" loading={isSaving}>
                Create project
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </div>
  )
}
