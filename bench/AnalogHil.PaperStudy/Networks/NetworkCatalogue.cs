namespace AnalogHil.PaperStudy.Networks;

/// <summary>Every network of the study, in the order in which it is run: cheap ones first.</summary>
internal static class NetworkCatalogue
{
    /// <param name="root">Folder of the repository.</param>
    /// <param name="data">Folder of the shared models and image sets.</param>
    /// <param name="reduced">Only the smallest network of the repository itself, with few images.</param>
    public static IReadOnlyList<StudyNetwork> All(string root, string data, bool reduced)
    {
        string fashion = Path.Combine(root, "data", "fashion-mnist");
        string models = Path.Combine(data, "models");
        string cifar = Path.Combine(data, "imagesets", "cifar10-test");
        string imageNet = Path.Combine(data, "imagesets", "imagenet-val-1300");
        string imageNetLearning = Path.Combine(data, "imagesets", "imagenet-calib-500");
        var lenet = new StudyNetwork(
            "fashion-lenet", "LeNet on Fashion-MNIST", Path.Combine(root, "models", "fashion-lenet.onnx"), fashion, fashion, 4096, 2000, int.MaxValue)
        {
            PaperSearch = true,
        };
        if (reduced)
        {
            return [lenet with { LearningExamples = 128, SearchExamples = 200, CertificationExamples = 200 }];
        }

        // Of 1300 ImageNet images few are for the search: an energy at equal drop rests on 5 draws of each of them, and every image more leaves one less to certify on.
        return
        [
            lenet,
            lenet with { Id = "fashion-resnet", Title = "ResNet on Fashion-MNIST", Model = Path.Combine(root, "models", "fashion-resnet.onnx") },
            new("lenet-mnist", "LeNet on MNIST", Path.Combine(models, "lenet-mnist.onnx"), Path.Combine(data, "imagesets", "mnist-t10k"), null, 2048, 2000, int.MaxValue),
            new("resnet20", "ResNet-20 on CIFAR-10", Path.Combine(models, "resnet20-cifar10.onnx"), cifar, null, 2048, 2000, int.MaxValue) { PaperSearch = true },
            new("bert-mini", "BERT mini on SST-2", Path.Combine(data, "sst2", "sst2-bert-mini.onnx"), Path.Combine(data, "sst2"), Path.Combine(data, "sst2"), 1000, 436, int.MaxValue),
            new("squeezenet", "SqueezeNet 1.1 on ImageNet", Path.Combine(models, "squeezenet1.1.onnx"), imageNet, imageNetLearning, 500, 325, int.MaxValue),
            new("mobilenetv2", "MobileNetV2 on ImageNet", Path.Combine(models, "mobilenetv2.onnx"), imageNet, imageNetLearning, 500, 325, int.MaxValue)
            {
                Grouped = true,
                PaperColumn = "MobileNetV2",
            },
            new("resnet56", "ResNet-56 on CIFAR-10", Path.Combine(models, "resnet56-cifar10.onnx"), cifar, null, 2048, 2000, int.MaxValue) { PaperSearch = true },
            new("resnet50", "ResNet-50 on ImageNet", Path.Combine(models, "resnet50.onnx"), imageNet, imageNetLearning, 500, 325, int.MaxValue) { PaperColumn = "ResNet50" },
        ];
    }
}
