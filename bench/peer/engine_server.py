"""Our engine in a process of its own, asked line by line."""
import json
import subprocess


class EngineServer:
    def __init__(self, program):
        self.process = subprocess.Popen(["dotnet", program, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"the engine ended at the request {request}; its message is above")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
