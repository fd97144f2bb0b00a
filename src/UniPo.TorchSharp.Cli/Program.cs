using System.CommandLine;
using UniPo.Torch.Cli;

var root = new RootCommand("Trains models in the Hugging Face layout under UniPo's objectives.") { TrainCommand.Create() };
return root.Parse(args).Invoke();
