namespace AnalogHil.Benchmarks.Peer;

/// <summary>One line from the driver of the comparison with PyTorch.</summary>
/// <param name="Do">"load", "logits", "run" or "limits".</param>
/// <param name="Id">Name under which a network is kept.</param>
/// <param name="Path">load: the ONNX file; logits: where to write them, float32 [count x classes].</param>
/// <param name="Images">load: float32 images, [many x C x H x W].</param>
/// <param name="Threads">load: threads of the network; limits: threads that run at the same time.</param>
/// <param name="Count">Images of a pass.</param>
/// <param name="Law">run: "clean", "thermal", "weight", "shot" or "weight held".</param>
/// <param name="Backward">run: forward and backward.</param>
/// <param name="Repeats">run: passes to time together.</param>
internal sealed record NetworkRequest(
    string Do, string Id, string Path = "", string Images = "", int Threads = 1, int Count = 1, string Law = "clean", bool Backward = false, int Repeats = 1);
