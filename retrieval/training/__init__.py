"""How the delivered models are made: texts, fine-tuning, distillation, reports."""
