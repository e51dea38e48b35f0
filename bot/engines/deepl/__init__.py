"""Engine `deepl`: DeepL's API by its official client, steered by a glossary, people's pairs, context and style."""
