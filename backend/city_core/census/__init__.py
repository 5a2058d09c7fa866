"""Looking after the components 部件, changed and checked on the spot; census campaigns 专项普查."""
