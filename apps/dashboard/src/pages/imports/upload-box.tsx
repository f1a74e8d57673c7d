import { Button, FileButton, Group, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState, type DragEvent } from 'react'
import { problemOf, type Problem } from '../../api/problem.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { useProject } from '../../shell/project-scope.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { uploadFile } from './upload-file.ts'
import classes from './upload-box.module.css'

const ACCEPTED = '.csv,.tsv,.txt,.gz,text/csv'

interface UnderWay {
  name: string
  share: number
}

/** Takes a file by hand or by drop, and goes on to what it seems to hold. */
export function UploadBox() {
  const { id: projectId } = useProject()
  const navigate = useNavigate()
  const [underWay, setUnderWay] = useState<UnderWay>()
  const [problem, setProblem] = useState<Problem>()
  const [isOver, setOver] = useState(false)
  const stop = useRef<AbortController>(undefined)
  useEffect(() => () => stop.current?.abort(), [])

  const take = async (file: File | null | undefined) => {
    if (!file || underWay !== undefined) return
    const controller = new AbortController()
    stop.current = controller
    setProblem(undefined)
    setUnderWay({ name: file.name, share: 0 })
    try {
      const onProgress = (share: number) => setUnderWay({ name: file.name, share })
      const importId = await uploadFile({ projectId, file, signal: controller.signal, onProgress })
      await navigate({ to: '/p/$projectId/contacts/imports/$importId', params: { projectId, importId } })
    } catch (error) {
      if (!controller.signal.aborted) setProblem(problemOf(error))
    } finally {
      setUnderWay(undefined)
    }
  }
  const drag = (over: boolean) => (event: DragEvent) => {
    event.preventDefault()
    setOver(over)
  }
  return (
    <Stack gap="sm" mb="lg">
      <FormProblem problem={problem} />
      {underWay === undefined ? (
        <div
          className={classes.box}
          data-over={isOver || undefined}
          onDragOver={drag(true)}
          onDragLeave={drag(false)}
          onDrop={(event) => {
            drag(false)(event)
            void take(event.dataTransfer.files[0])
          }}
        >
          <FileButton
            accept={ACCEPTED}
            onChange={(file) => void take(file)}
            inputProps={{ 'aria-label': 'File of contacts' }}
          >
            {(props) => (
              <Button {...props} leftSection={<IconUpload size={16} aria-hidden />}>
                Choose a CSV file
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed" mt="xs">
            Or drop it here. Commas, semicolons or tabs, up to 1 GB, also packed with gzip. Nothing is imported yet.
          </Text>
        </div>
      ) : (
        <Group wrap="nowrap" align="flex-start" className={classes.box} ta="left">
          <div style={{ flex: 1, minWidth: 0 }}>
            <JobProgress title={`Uploading ${underWay.name}`} label="Upload" percent={underWay.share * 100}>
              {underWay.share < 1 ? `${Math.floor(underWay.share * 100)} %` : 'Looking at what is in it…'}
            </JobProgress>
          </div>
          <Button variant="default" size="compact-sm" onClick={() => stop.current?.abort()}>
            Cancel upload
          </Button>
        </Group>
      )}
    </Stack>
  )
}
