// Runs the interoperability cases with grpc-js against the address given; prints one line for each case that held.
const assert = require('node:assert');
const { grpc, testing, INITIAL, TRAILING } = require('./cases.js');

const REQUESTS = [27182, 8, 1828, 45904];
const RESPONSES = [31415, 9, 2653, 58979];
const SPECIAL = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1F608}\t\n';
const credentials = grpc.credentials.createInsecure();
const client = new testing.TestService(process.argv[2], credentials);
const missing = new testing.UnimplementedService(process.argv[2], credentials);
const payload = (size) => ({ body: Buffer.alloc(size) });
const soon = (ms = 60000) => ({ deadline: Date.now() + ms });

function unary(stub, name, request, metadata = new grpc.Metadata()) {
  return new Promise((resolve) => {
    const seen = {};
    const call = stub[name](request, metadata, soon(), (error, response) => { seen.error = error; seen.response = response; });
    call.on('metadata', (headers) => { seen.headers = headers; });
    call.on('status', (status) => setImmediate(() => resolve({ ...seen, status })));
  });
}

function ended(call, onData = () => {}) { // of a call that streams responses
  const seen = { responses: [] };
  call.on('metadata', (headers) => { seen.headers = headers; });
  call.on('data', (response) => { seen.responses.push(response); onData(response, seen.responses.length); });
  call.on('error', () => {});
  return new Promise((resolve) => call.on('status', (status) => setImmediate(() => resolve({ ...seen, status }))));
}

const sizes = (seen) => seen.responses.map((response) => response.payload.body.length);

const cases = {
  async empty_unary() { assert.deepStrictEqual((await unary(client, 'EmptyCall', {})).response, {}); },
  async large_unary() {
    const { response } = await unary(client, 'UnaryCall', { response_size: 314159, payload: payload(271828) });
    assert.strictEqual(response.payload.body.length, 314159);
  },
  async client_streaming() {
    const size = await new Promise((resolve, reject) => {
      const call = client.StreamingInputCall(new grpc.Metadata(), soon(), (error, response) => (error ? reject(error) : resolve(response.aggregated_payload_size)));
      REQUESTS.forEach((each) => call.write({ payload: payload(each) }));
      call.end();
    });
    assert.strictEqual(size, 74922);
  },
  async server_streaming() {
    const seen = await ended(client.StreamingOutputCall({ response_parameters: RESPONSES.map((size) => ({ size })) }, soon()));
    assert.deepStrictEqual(sizes(seen), RESPONSES);
    assert.strictEqual(seen.status.code, 0);
  },
  async ping_pong() {
    const call = client.FullDuplexCall(soon());
    const ask = (i) => (i < REQUESTS.length
      ? call.write({ response_parameters: [{ size: RESPONSES[i] }], payload: payload(REQUESTS[i]) }) : call.end());
    const end = ended(call, (_, count) => ask(count));
    ask(0);
    const seen = await end;
    assert.deepStrictEqual(sizes(seen), RESPONSES);
    assert.strictEqual(seen.status.code, 0);
  },
  async empty_stream() {
    const call = client.FullDuplexCall(soon());
    call.end();
    const seen = await ended(call);
    assert.strictEqual(seen.responses.length, 0);
    assert.strictEqual(seen.status.code, 0);
  },
  async timeout_on_sleeping_server() {
    const call = client.FullDuplexCall(soon(1));
    call.write({ payload: payload(27182) });
    assert.strictEqual((await ended(call)).status.code, grpc.status.DEADLINE_EXCEEDED);
  },
  async cancel_after_begin() {
    const status = await new Promise((resolve) => {
      const call = client.StreamingInputCall(new grpc.Metadata(), soon(), () => {});
      call.on('status', resolve);
      call.cancel();
    });
    assert.strictEqual(status.code, grpc.status.CANCELLED);
  },
  async cancel_after_first_response() {
    const call = client.FullDuplexCall(soon());
    const end = ended(call, () => call.cancel());
    call.write({ response_parameters: [{ size: 31415 }], payload: payload(27182) });
    const seen = await end;
    assert.strictEqual(seen.responses.length, 1);
    assert.strictEqual(seen.status.code, grpc.status.CANCELLED);
  },
  async status_code_and_message() {
    const response_status = { code: 2, message: 'test status message' };
    const call = client.FullDuplexCall(soon());
    const end = ended(call);
    call.write({ response_status });
    call.end();
    for (const { status } of [await unary(client, 'UnaryCall', { response_status }), await end]) {
      assert.deepStrictEqual([status.code, status.details], [2, 'test status message']);
    }
  },
  async special_status_message() {
    const { status } = await unary(client, 'UnaryCall', { response_status: { code: 2, message: SPECIAL } });
    assert.deepStrictEqual([status.code, status.details], [2, SPECIAL]);
  },
  async unimplemented_method() {
    assert.strictEqual((await unary(client, 'UnimplementedCall', {})).status.code, grpc.status.UNIMPLEMENTED);
  },
  async unimplemented_service() {
    assert.strictEqual((await unary(missing, 'UnimplementedCall', {})).status.code, grpc.status.UNIMPLEMENTED);
  },
  async custom_metadata() {
    const metadata = new grpc.Metadata();
    metadata.set(INITIAL, 'test_initial_metadata_value');
    metadata.set(TRAILING, Buffer.from([0xab, 0xab, 0xab]));
    const call = client.FullDuplexCall(metadata, soon());
    const end = ended(call);
    call.write({ response_parameters: [{ size: 314159 }], payload: payload(271828) });
    call.end();
    for (const seen of [await unary(client, 'UnaryCall', { response_size: 314159, payload: payload(271828) }, metadata), await end]) {
      assert.deepStrictEqual(seen.headers.get(INITIAL), ['test_initial_metadata_value']);
      assert.deepStrictEqual(seen.status.metadata.get(TRAILING), [Buffer.from([0xab, 0xab, 0xab])]);
    }
  },
};

(async () => {
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run();
      console.log(`held: ${name}`);
    } catch (error) {
      console.log(`failed: ${name}: ${error.stack}`);
      process.exit(1);
    }
  }
  process.exit(0);
})();
